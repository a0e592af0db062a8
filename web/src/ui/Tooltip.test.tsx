import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { setHotkeyPreferences } from "@/lib/hotkeys";
import { IconButton } from "./IconButton";
import { watchTips } from "./tooltip-watch";

const shown = vi.fn<(anchor: HTMLElement | null) => void>();
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  shown.mockReset();
  stop = watchTips(document, shown);
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

function draw() {
  render(
    <>
      <IconButton label="Reply" icon={<svg aria-hidden="true" />} hotkey="reply" />
      <IconButton label="Close" icon={<svg aria-hidden="true" />} />
      <p>Elsewhere</p>
    </>,
  );
  return {
    reply: screen.getByRole("button", { name: "Reply" }),
    close: screen.getByRole("button", { name: "Close" }),
    elsewhere: screen.getByText("Elsewhere"),
  };
}

const over = (element: Element, pointerType = "mouse") =>
  fireEvent.pointerOver(element, { pointerType });
const pass = (time: number) => act(() => vi.advanceTimersByTime(time));

test("shows after the pointer has rested, and the next one at once", () => {
  const { reply, close } = draw();
  over(reply);
  pass(400);
  expect(shown).not.toHaveBeenCalled();
  pass(200);
  expect(shown).toHaveBeenLastCalledWith(reply);
  over(close);
  pass(1);
  expect(shown).toHaveBeenLastCalledWith(close);
});

test("goes when the pointer leaves, and on Escape", () => {
  const { reply, elsewhere } = draw();
  over(reply);
  pass(600);
  over(elsewhere);
  pass(150);
  expect(shown).toHaveBeenLastCalledWith(null);
  over(reply);
  pass(600);
  fireEvent.keyDown(document.body, { key: "Escape" });
  expect(shown).toHaveBeenLastCalledWith(null);
});

test("a finger has no hover", () => {
  const { reply } = draw();
  over(reply, "touch");
  pass(1000);
  expect(shown).not.toHaveBeenCalled();
});

test("a button says its shortcut, as the user has bound it", () => {
  const { reply } = draw();
  expect(reply.getAttribute("aria-keyshortcuts")).toBe("R");
  act(() => setHotkeyPreferences({ keys: { reply: "Shift+y" }, characters: true }));
  expect(reply.getAttribute("aria-keyshortcuts")).toBe("Shift+Y");
  act(() => setHotkeyPreferences({ keys: {}, characters: false }));
  expect(reply.getAttribute("aria-keyshortcuts")).toBeNull();
  act(() => setHotkeyPreferences({ keys: {}, characters: true }));
});
