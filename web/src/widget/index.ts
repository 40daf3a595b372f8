// The graph in a notebook, as anywidget asks for it. Every view is a frame of its own; nothing is shared on the page.
import { Frame } from "./frame";
import type { Model } from "./model";

export default {
  render({ model, el }: { model: Model; el: HTMLElement }): () => void {
    const frame = new Frame(model, el);
    return () => frame.destroy();
  },
};
