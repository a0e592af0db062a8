import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useLayoutEffect, useRef, useState } from "react";
import { expect, test, vi } from "vitest";
import { Button } from "./Button";
import { Menu, MenuChoice, MenuItem } from "./Menu";

function draw() {
  const chosen = vi.fn();
  const sorted = vi.fn();
  render(
    <Menu trigger={<Button>More</Button>}>
      <MenuItem onSelect={() => chosen("print")}>Print</MenuItem>
      <MenuItem onSelect={() => chosen("merge")} disabled reason="Reopen it first.">
        Merge
      </MenuItem>
      <MenuChoice
        label="Sort"
        value="newest"
        onChange={sorted}
        options={[
          { value: "newest", label: "Newest first" },
          { value: "waiting", label: "Longest waiting" },
        ]}
      />
    </Menu>,
  );
  return { user: userEvent.setup(), trigger: screen.getByRole("button"), chosen, sorted };
}

test("its code comes with the first opening, and the trigger tells its state", async () => {
  const { user, trigger, chosen } = draw();
  expect(trigger.getAttribute("aria-haspopup")).toBe("menu");
  expect(trigger.getAttribute("aria-expanded")).toBe("false");
  await user.click(trigger);
  await user.click(await screen.findByRole("menuitem", { name: "Print" }));
  expect(chosen).toHaveBeenCalledWith("print");
  await waitFor(() => expect(trigger.getAttribute("aria-expanded")).toBe("false"));
});

test("an arrow opens it on its first item, and Escape gives the focus back", async () => {
  const { user, trigger } = draw();
  trigger.focus();
  await user.keyboard("{ArrowDown}");
  const first = await screen.findByRole("menuitem", { name: "Print" });
  await waitFor(() => expect(document.activeElement).toBe(first));
  await user.keyboard("{Escape}");
  await waitFor(() => expect(document.activeElement).toBe(trigger));
});

function Writing() {
  const [writing, write] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (writing) field.current?.focus();
  }, [writing]);
  return (
    <>
      <Menu trigger={<Button>More</Button>}>
        <MenuItem onSelect={() => write(true)}>Write</MenuItem>
      </Menu>
      {writing && <input ref={field} aria-label="To" />}
    </>
  );
}

test("what was chosen may take the focus elsewhere, and it stays there", async () => {
  render(<Writing />);
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "More" }));
  await user.click(await screen.findByRole("menuitem", { name: "Write" }));
  await waitFor(() => expect(screen.queryByRole("menu")).toBeNull());
  await user.keyboard("zoe");
  expect((screen.getByRole("textbox") as HTMLInputElement).value).toBe("zoe");
});

test("what can't be done is there, with the reason, and does nothing", async () => {
  const { user, trigger, chosen } = draw();
  await user.click(trigger);
  const item = await screen.findByRole("menuitem", { name: /Merge/ });
  expect(item.textContent).toContain("Reopen it first.");
  expect(item.getAttribute("aria-disabled")).toBe("true");
  await user.click(item);
  expect(chosen).not.toHaveBeenCalled();
});

test("a choice tells which is chosen", async () => {
  const { user, trigger, sorted } = draw();
  await user.click(trigger);
  const newest = await screen.findByRole("menuitemradio", { name: "Newest first" });
  expect(newest.getAttribute("aria-checked")).toBe("true");
  await user.click(screen.getByRole("menuitemradio", { name: "Longest waiting" }));
  expect(sorted.mock.calls[0]?.[0]).toBe("waiting");
});
