// The rooms beside the map: how things are connected, the map as a table, taking it along, telling a story with it.
import "./rooms.css";
import { mountExports } from "./exports";
import { mountPaths } from "./paths";
import type { Room } from "./room";
import { mountStory } from "./story";
import { mountTable } from "./table";

export function mountRooms(room: Room): void {
  mountPaths(room);
  mountTable(room);
  mountStory(room);
  mountExports(room);
}
