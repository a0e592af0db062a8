import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import hotkeyTexts from "@/locales/en/hotkeys.json";
import {
  ariaKeys,
  bindHotkeys,
  conflictWith,
  defaultHotkeys,
  type HotkeyId,
  hotkeys,
  keyCaps,
  keysFor,
  keysOf,
  parseHotkeys,
  setHotkeyPreferences,
  startsWithCharacter,
} from ".";
import { registerHotkey } from "./dispatch";
import { collide } from "./keys";

function press(key: string, init: KeyboardEventInit = {}, target: EventTarget = document.body) {
  const event = new KeyboardEvent("keydown", {
    key,
    code: key.length === 1 ? `Key${key.toUpperCase()}` : key,
    bubbles: true,
    cancelable: true,
    ...init,
  });
  target.dispatchEvent(event);
  return event;
}

const releases: (() => void)[] = [];

function listen(...ids: HotkeyId[]): string[] {
  const heard: string[] = [];
  for (const id of ids) releases.push(registerHotkey(id, () => heard.push(id)));
  return heard;
}

beforeEach(() => {
  releases.push(bindHotkeys(window));
});

afterEach(() => {
  for (const release of releases.splice(0)) release();
  setHotkeyPreferences(defaultHotkeys);
  document.body.replaceChildren();
});

describe("the table", () => {
  test("has words for every shortcut and group, and no others", () => {
    expect(Object.keys(hotkeyTexts.label).sort()).toEqual(hotkeys.map(({ id }) => id).sort());
    expect(Object.keys(hotkeyTexts.group).sort()).toEqual(
      [...new Set(hotkeys.map(({ group }) => group))].sort(),
    );
  });

  test("has no two shortcuts on the same keys", () => {
    const clashes = hotkeys.filter(({ id, keys }) => keys !== null && conflictWith(id, keys));
    expect(clashes).toEqual([]);
  });

  test("lets only keys that type nothing work inside fields", () => {
    const typing = hotkeys.filter((row) => "typing" in row && row.typing && row.keys);
    expect(typing.filter(({ keys }) => startsWithCharacter(keys ?? ""))).toEqual([]);
  });
});

describe("pressing", () => {
  test("a key runs its handler and nothing else", () => {
    const heard = listen("reply", "reply_all");
    const event = press("r");
    expect(heard).toEqual(["reply"]);
    expect(event.defaultPrevented).toBe(true);
  });

  test("a shortcut that nobody answers for is left to the browser", () => {
    expect(press("r").defaultPrevented).toBe(false);
  });

  test("Shift makes another shortcut", () => {
    const heard = listen("close", "close_next");
    press("E", { shiftKey: true });
    expect(heard).toEqual(["close_next"]);
  });

  test("a sequence wins over the key it ends with", () => {
    const heard = listen("go_closed", "close", "reply_all", "go_all_open");
    press("g");
    press("e");
    press("a");
    expect(heard).toEqual(["go_closed", "reply_all"]);
  });

  test("a sequence that is broken off gives the key its own meaning", () => {
    const heard = listen("go_closed", "reply");
    press("g");
    press("r");
    expect(heard).toEqual(["reply"]);
  });

  test("a sequence waits for a second, no longer", () => {
    vi.useFakeTimers();
    const heard = listen("go_closed", "close");
    press("g");
    vi.advanceTimersByTime(1001);
    press("e");
    expect(heard).toEqual(["close"]);
    vi.useRealTimers();
  });

  test("only j and k go on while held", () => {
    const heard = listen("next", "close");
    press("j", { repeat: true });
    press("e", { repeat: true });
    expect(heard).toEqual(["next"]);
  });

  test("the handler that came last answers, and the one before it when that has gone", () => {
    const heard: string[] = [];
    releases.push(registerHotkey("close", () => heard.push("page")));
    const release = registerHotkey("close", () => heard.push("dialog"));
    press("e");
    release();
    press("e");
    expect(heard).toEqual(["dialog", "page"]);
  });
});

describe("keeping out of the way", () => {
  test.each(["input", "textarea", "select"])("of a %s", (tag) => {
    const heard = listen("reply", "palette");
    const field = document.body.appendChild(document.createElement(tag));
    press("r", {}, field);
    press("k", { ctrlKey: true }, field);
    expect(heard).toEqual(["palette"]);
  });

  test("but not of a checkbox, which nobody types into", () => {
    const heard = listen("reply");
    const box = document.createElement("input");
    box.type = "checkbox";
    document.body.append(box);
    press("r", {}, box);
    expect(heard).toEqual(["reply"]);
  });

  test("of a composition", () => {
    const heard = listen("next", "palette");
    press("j", { isComposing: true });
    press("k", { keyCode: 229, ctrlKey: true });
    expect(heard).toEqual([]);
  });

  test("of a dialog or menu above the page", () => {
    const heard = listen("close");
    document.body.innerHTML = '<div data-hotkeys="off"><button>Close</button></div>';
    press("e", {}, document.querySelector("button") as HTMLElement);
    expect(heard).toEqual([]);
  });

  test("of a button that Enter presses", () => {
    const heard = listen("open");
    const button = document.body.appendChild(document.createElement("button"));
    press("Enter", {}, button);
    press("Enter");
    expect(heard).toEqual(["open"]);
  });

  test("of keys that something nearer has used", () => {
    const heard = listen("close");
    document.body.addEventListener("keydown", (event) => event.preventDefault(), { once: true });
    press("e");
    expect(heard).toEqual([]);
  });
});

describe("a user's own keys", () => {
  test("take the place of the table's", () => {
    const heard = listen("close");
    setHotkeyPreferences({ keys: { close: "y" }, characters: true });
    press("e");
    press("y");
    expect(heard).toEqual(["close"]);
    expect(keysFor("close")).toBe("y");
  });

  test("can be none", () => {
    const heard = listen("close");
    setHotkeyPreferences({ keys: { close: null }, characters: true });
    press("e");
    expect(heard).toEqual([]);
  });

  test("silence every bare character at once, and nothing else", () => {
    const heard = listen("close", "spam", "go_spam", "palette");
    setHotkeyPreferences({ keys: {}, characters: false });
    press("e");
    press("!", { shiftKey: true });
    press("g");
    press("s");
    press("k", { ctrlKey: true });
    expect(heard).toEqual(["palette"]);
  });

  test("are read with whatever does not fit left out", () => {
    expect(parseHotkeys({ keys: { close: "y", reply: 3, gone: "q" }, characters: false })).toEqual({
      keys: { close: "y" },
      characters: false,
    });
    expect(parseHotkeys("nonsense")).toEqual(defaultHotkeys);
  });

  test("name whoever has those keys already", () => {
    expect(conflictWith("close", "r")?.id).toBe("reply");
    expect(conflictWith("close", "g")?.group).toBe("go");
    expect(conflictWith("close", "y")).toBeUndefined();
  });
});

describe("writing keys", () => {
  test("as caps", () => {
    expect(keyCaps("$mod+k")).toEqual([["Ctrl", "K"]]);
    expect(keyCaps("g i")).toEqual([["G"], ["I"]]);
    expect(keyCaps("[Shift]+!")).toEqual([["!"]]);
  });

  test("for assistive technology", () => {
    expect(ariaKeys("Shift+e")).toBe("Shift+E");
    expect(ariaKeys("g i")).toBeUndefined();
    expect(ariaKeys(null)).toBeUndefined();
  });

  test.each([
    [{ key: "y" }, "y"],
    [{ key: "Y", shiftKey: true }, "Shift+y"],
    [{ key: "!", shiftKey: true }, "[Shift]+!"],
    [{ key: "k", ctrlKey: true }, "$mod+k"],
    [{ key: "F8" }, "F8"],
    [{ key: "Shift", shiftKey: true }, undefined],
  ])("as recorded from %o", (init, keys) => {
    expect(keysOf(new KeyboardEvent("keydown", init))).toBe(keys);
  });

  test("that begin alike collide", () => {
    expect(collide("g", "g i")).toBe(true);
    expect(collide("[Shift]+?", "?")).toBe(true);
    expect(collide("e", "Shift+e")).toBe(false);
  });
});
