import type { components } from "@/api/schema";

type Schemas = components["schemas"];

/** What the tests of a channel find: nothing yet, and a domain that lacks its DMARC record. */
export interface WayTests {
  trip: Schemas["RoundTrip"] | null;
  confirmation: Schemas["Confirmation"] | null;
  sender: Schemas["SenderCheck"] | null;
}

export const wayTests = (): WayTests => ({
  trip: null,
  confirmation: null,
  sender: {
    domain: "harbour.example",
    spf: { state: "ok", name: "harbour.example", record: "v=spf1 mx -all", add: "" },
    dkim: { state: "unknown", name: "", record: "", add: "" },
    dmarc: {
      state: "missing",
      name: "_dmarc.harbour.example",
      record: "",
      add: "v=DMARC1; p=none; rua=mailto:dmarc@harbour.example",
    },
    aligned: false,
    notes: ["Without DMARC, receivers decide by themselves what to do with forged mail."],
  },
});
