import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderApp } from "@/test/app";
import { intakeEntry } from "@/test/factories";

test("the journal's figures add up in view, and a failed entry can be tried again", async () => {
  const app = renderApp("/settings/intake", "full");
  expect(await screen.findByText("18,422")).toBeTruthy();
  const entry = (await screen.findByText(/orders@northwind.example/)).closest("li");
  await app.user.click(within(entry as HTMLElement).getByRole("button", { name: "Retry" }));
  await waitFor(() => expect(screen.queryByText(/orders@northwind.example/)).toBeNull());
});

test("the sums stand by day, and of each channel where there are several", async () => {
  const app = renderApp("/settings/intake", "full");
  const table = within(await screen.findByRole("table", { name: "By day and channel" }));
  const cells = (name: RegExp | string) =>
    within(table.getByRole("rowheader", { name }).closest("tr") as HTMLElement)
      .getAllByRole("cell")
      .map((cell) => Number(cell.textContent?.replaceAll(",", "")));
  const [accepted, ...parts] = cells("Sun, Nov 22, 2026");
  expect(parts.reduce((sum, part) => sum + part, 0)).toBe(accepted);
  expect(cells(/Sat, Nov 21, 2026\s*Support email/)).toHaveLength(4);
  expect(table.queryByRole("rowheader", { name: "Sat, Nov 7, 2026" })).toBeNull();
  await app.user.click(screen.getByRole("button", { name: "Show more" }));
  expect(await table.findByRole("rowheader", { name: /Sat, Nov 7, 2026/ })).toBeTruthy();
});

test("all that failed is retried, as many at a time as the server takes", async () => {
  const app = renderApp("/settings/intake", "full", (state) => {
    state.failed = Array.from({ length: 5 }, (_, index) => intakeEntry({ id: 500 + index }));
    state.figures = { ...state.figures, failed: 5 };
  });
  await app.user.click(await screen.findByRole("button", { name: "Retry all" }));
  await waitFor(() => expect(app.state.failed).toEqual([]));
  expect(await screen.findByText(/Nothing has failed/)).toBeTruthy();
  expect(app.writes().map(({ path }) => path)).toEqual(Array(3).fill("/intake/retry"));
  expect(app.toasts()).toEqual(["5 messages are tried again. The figures tell how it went."]);
  expect(screen.queryByRole("button", { name: "Retry all" })).toBeNull();
});

test("nothing has come in yet", async () => {
  renderApp("/settings/intake", "empty");
  expect(await screen.findByText(/so there is no day to show/)).toBeTruthy();
});
