// What a Chromium, ours or Electron's, has to be told before it starts, so that its windows get WebGPU and keep it: on Linux it is still
// behind flags, and where there is no GPU the software adapter has to be named.
import { existsSync, readdirSync } from 'node:fs';

/** Whether the system has a graphics device with a driver. Only Linux machines are asked: others always have one. */
export const hasGpu = (platform: string = process.platform): boolean => {
  if (platform !== 'linux') return true;
  if (existsSync('/dev/nvidia0') || existsSync('/dev/dxg')) return true;
  try {
    return readdirSync('/dev/dri').some((name) => name.startsWith('renderD'));
  } catch {
    return false;
  }
};

/** Switches of Chromium's command line, without the dashes. */
export const webGpuSwitches = (
  platform: string = process.platform,
  gpu: boolean = hasGpu(platform),
): [name: string, value: string][] => {
  const keeps: [string, string][] = [
    // A page whose device was lost twice within minutes gets no other one, unless this is said; the engine counts losses itself.
    ['disable-domain-blocking-for-3d-apis', ''],
    // A document is read as fast behind other windows: its process keeps its priority.
    ['disable-renderer-backgrounding', ''],
  ];
  if (!gpu) return [...keeps, ['enable-unsafe-webgpu', ''], ['use-webgpu-adapter', 'swiftshader']];
  if (platform !== 'linux') return keeps;
  return [...keeps, ['enable-unsafe-webgpu', ''], ['enable-features', 'Vulkan']];
};
