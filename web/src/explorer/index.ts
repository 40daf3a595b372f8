import { Canvas } from "../graph/canvas";
import type { Neighbourhood } from "../model";

const host = document.getElementById("map");
if (host) {
  const canvas = new Canvas(host);
  const asked = await fetch(`neighbourhood?entity=${encodeURIComponent(new URLSearchParams(location.search).get("open") ?? "")}`);
  const near = (await asked.json()) as Neighbourhood;
  await canvas.add(near.nodes, near.edges);
}
