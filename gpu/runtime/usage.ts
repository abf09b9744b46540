// GPUBufferUsage, GPUTextureUsage and GPUMapMode by value: Node's workers do not have WebGPU's constants as globals.
export const usage = {
  mapRead: 1,
  copySource: 4,
  copyTarget: 8,
  uniform: 64,
  storage: 128,
  textureCopySource: 1,
  textureCopyTarget: 2,
  textureStorage: 8,
} as const;

export const mapModeRead = 1;
