import { Canvas } from "../graph/canvas";

export default {
  render({ el }: { el: HTMLElement }): () => void {
    const canvas = new Canvas(el);
    return () => canvas.destroy();
  },
};
