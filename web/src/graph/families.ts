// The families of types that a map tells apart: a colour and a shape each. The colours are Okabe and Ito's, which stay
// apart for colour-blind readers; the shape says the same again.

export interface Family {
  name: string;
  label: string;
  colour: string;
  shape: string;
  types: readonly string[];
}

export const FAMILIES: readonly Family[] = [
  { name: "person", label: "People", colour: "#56b4e9", shape: "ellipse", types: ["Person", "Post"] },
  {
    name: "organisation",
    label: "Organisations",
    colour: "#0072b2",
    shape: "round-rectangle",
    types: ["Organisation", "Party", "Ngo", "MediaOutlet", "PollingOrganisation", "ReligiousGroup", "Agent"],
  },
  {
    name: "group",
    label: "Coalitions and groups",
    colour: "#009e73",
    shape: "round-hexagon",
    types: ["Coalition", "UnnamedGroup", "Movement", "People"],
  },
  {
    name: "body",
    label: "Public bodies and states",
    colour: "#8c6bb1",
    shape: "round-octagon",
    types: ["PublicBody", "InternationalBody", "Parliament", "State", "Government", "Tribunal"],
  },
  { name: "place", label: "Places", colour: "#a6761d", shape: "round-pentagon", types: ["Place"] },
  {
    name: "demand",
    label: "Demands and statements",
    colour: "#e69f00",
    shape: "round-diamond",
    types: ["Demand", "Campaign", "Statement", "Quote", "Measure"],
  },
  {
    name: "document",
    label: "Documents and sources",
    colour: "#7f8b97",
    shape: "cut-rectangle",
    types: ["Document", "Letter", "Petition", "Book", "Editorial", "Report", "PolicyGuide", "Article", "Dataset"],
  },
  {
    name: "event",
    label: "Events",
    colour: "#cc79a7",
    shape: "barrel",
    types: [
      "Event", "Debate", "Demonstration", "Announcement", "Publication", "Hearing", "SportsEvent", "SeizureOfPower",
    ],
  },
  {
    name: "finding",
    label: "Allegations, inquiries, findings",
    colour: "#d55e00",
    shape: "round-triangle",
    types: ["Allegation", "Inquiry", "Finding"],
  },
  {
    name: "number",
    label: "Polls and numbers",
    colour: "#b8a800",
    shape: "rectangle",
    types: ["Poll", "Observation", "Quantity", "Trend", "Extent"],
  },
];

/** What is of no family above: topics, codes, and the types of other vocabularies. */
export const OTHER: Family = { name: "other", label: "Other", colour: "#999999", shape: "ellipse", types: [] };

const BY_TYPE = new Map<string, Family>(FAMILIES.flatMap((family) => family.types.map((type) => [`kg:${type}`, family] as const)));

export function familyOf(type: string): Family {
  return BY_TYPE.get(type) ?? OTHER;
}
