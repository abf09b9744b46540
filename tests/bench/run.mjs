// `npm run bench -- [kernels|engine|runtime|replies|text|window|ort|llamacpp] …`: loads the TypeScript of this folder as vite builds the app, shaders included.
//   engine [model.gguf]
//   runtime [model.gguf]           Stop, lost devices, snapshots
//   replies [model.gguf] [set]     sets: words, align, pointer and answers (fit their weights), scitldr, selqa, openstax, squad; all when absent
//   window [file.pdf]              longest pauses of the window while a long document is read and scrolled
//   text [part of a path] [words]  text of PDFs beside pdf.js's and poppler's; needs ../shared, python3 and pdftotext
//   ort [part of a name]           operators beside onnxruntime-web's, in Chromium
//   llamacpp [F32 F16 Q8_0 Q4_0]   the engine beside llama.cpp's Vulkan backend, on the driver that VK_DRIVER_FILES names
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

await runnerImport(fileURLToPath(new URL('bench.ts', import.meta.url)), {
  configFile: false,
  logLevel: 'warn',
});
