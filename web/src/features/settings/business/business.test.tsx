import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderApp } from "@/test/app";
import { regions } from "./regions";

test("the business gets another name", async () => {
  const app = renderApp("/settings/business", "full");
  const name = await screen.findByLabelText("Name of the business");
  await app.user.clear(name);
  await app.user.type(name, "Harbour Cycles{Enter}");
  await waitFor(() => expect(app.state.me.account.name).toBe("Harbour Cycles"));
  expect(app.state.me.account).toMatchObject({ region: "NL", timezone: "Europe/Amsterdam" });
  expect(app.toasts()).toContain("Saved");
});

test("what is missing is said beside its field", async () => {
  const app = renderApp("/settings/business", "full");
  await app.user.clear(await screen.findByLabelText("Name of the business"));
  await app.user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("Enter the name of your business or team.")).toBeTruthy();
  expect(app.writes()).toEqual([]);
});

test("countries stand by name, without those that are no more", () => {
  const all = regions();
  expect(all).toContainEqual({ value: "GB", label: "United Kingdom" });
  expect(all.map(({ value }) => value)).not.toContain("SU");
  expect(all.length).toBeGreaterThan(200);
});
