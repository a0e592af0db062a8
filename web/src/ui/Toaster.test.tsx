import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AlertDialog } from "./AlertDialog";
import { Toaster } from "./Toaster";
import { endToast, toast, useToasts } from "./toast";

beforeEach(() => {
  useToasts.setState({ queue: [], ended: [] });
  vi.useFakeTimers();
});

afterEach(() => vi.useRealTimers());

/** In steps: what one brings about may start a timer of its own. */
async function pass(ms: number) {
  for (let gone = 0; gone < ms; gone += 100) await act(() => vi.advanceTimersByTimeAsync(100));
}

test("a toast that counts shows the seconds left, and goes with the last one", async () => {
  render(<Toaster />);
  toast("Leaves in a moment", { name: "message 1", duration: 10_000, counts: true });
  await pass(100);
  expect(screen.getByText("Leaves in a moment").textContent).toMatch(/10 s$/);
  await pass(3000);
  expect(screen.getByText("Leaves in a moment").textContent).toMatch(/7 s$/);
  await pass(8000);
  expect(screen.queryByText("Leaves in a moment")).toBeNull();
});

test("a toast goes when what it offers was done elsewhere", async () => {
  render(<Toaster />);
  toast("Leaves in a moment", { name: "message 2", duration: 60_000, counts: true });
  await pass(100);
  act(() => endToast("message 2"));
  await pass(1000);
  expect(screen.queryByText("Leaves in a moment")).toBeNull();
});

test("toasts stand above while a dialog is open, whose buttons are below", async () => {
  const where = () =>
    document.querySelector("[data-sonner-toaster]")?.getAttribute("data-y-position");
  const dialog = (open: boolean) => (
    <AlertDialog
      open={open}
      onOpenChange={() => undefined}
      title="Delete it?"
      text="It is gone then."
      action="Delete"
      onConfirm={() => undefined}
    />
  );
  const { rerender } = render(dialog(false));
  render(<Toaster />);
  act(() => toast("Saved"));
  await pass(100);
  expect(where()).toBe("bottom");
  rerender(dialog(true));
  await pass(100);
  expect(where()).toBe("top");
  rerender(dialog(false));
  await pass(100);
  expect(where()).toBe("bottom");
});
