// What an adapter says about its subgroups is not always so (an integrated GPU was seen to run at a size below its own minimum), so
// the few adapters on which results depend on it are tried.
import { specialise } from './kernel.ts';
import shader from './lanes.wgsl?raw';
import { mapModeRead, usage } from './usage.ts';

/** True when `lanes` threads of a workgroup are the lanes of one subgroup, in their order. */
export async function lanesHold(gpu: GPUDevice, lanes: number): Promise<boolean> {
  const size = 4 * lanes;
  const answers = gpu.createBuffer({ size, usage: usage.storage | usage.copySource });
  const read = gpu.createBuffer({ size, usage: usage.mapRead | usage.copyTarget });
  try {
    const module = gpu.createShaderModule({ code: specialise(shader, { LANES: lanes }) });
    const pipeline = await gpu.createComputePipelineAsync({ layout: 'auto', compute: { module } });
    const entries = [{ binding: 0, resource: { buffer: answers } }];
    const encoder = gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, gpu.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(1);
    pass.end();
    encoder.copyBufferToBuffer(answers, 0, read, 0, size);
    gpu.queue.submit([encoder.finish()]);
    await read.mapAsync(mapModeRead);
    return new Uint32Array(read.getMappedRange()).every((answer) => answer === 1);
  } catch {
    return false;
  } finally {
    answers.destroy();
    read.destroy();
  }
}
