import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { Avatar } from "./Avatar";
import { Button } from "./Button";
import { Checkbox } from "./Checkbox";
import { CopyField } from "./CopyField";
import { Field } from "./Field";
import { FormDialog } from "./FormDialog";
import { Select } from "./Select";
import { Spinner } from "./Spinner";
import { Switch } from "./Switch";
import { TextField } from "./TextField";
import { toast, useToasts } from "./toast";

test("a field ties label, hint and error to its control", () => {
  render(
    <Field label="Name" hint="As contacts see it." error="Enter a name.">
      <TextField />
    </Field>,
  );
  const input = screen.getByLabelText("Name");
  const described = (input.getAttribute("aria-describedby") ?? "").split(" ");
  expect(described.map((id) => document.getElementById(id)?.textContent)).toEqual([
    "As contacts see it.",
    "Enter a name.",
  ]);
  expect(input.getAttribute("aria-invalid")).toBe("true");
});

test("a busy button keeps its name and its focus, and takes no second press", async () => {
  const pressed = vi.fn();
  render(
    <Button busy onClick={pressed}>
      Save
    </Button>,
  );
  const button = screen.getByRole("button", { name: "Save" });
  await userEvent.setup().click(button);
  expect(pressed).not.toHaveBeenCalled();
  expect(document.activeElement).toBe(button);
  expect(button.getAttribute("aria-busy")).toBe("true");
});

test("a busy submit button submits nothing", async () => {
  const submitted = vi.fn((event: { preventDefault: () => void }) => event.preventDefault());
  render(
    <form onSubmit={submitted}>
      <Button type="submit" busy>
        Save
      </Button>
    </form>,
  );
  await userEvent.setup().click(screen.getByRole("button"));
  expect(submitted).not.toHaveBeenCalled();
});

test("a form that waits for something else can't be sent meanwhile", () => {
  const form = (blocked: boolean) => (
    <FormDialog
      title="Mail comes in"
      error={undefined}
      busy={false}
      blocked={blocked}
      onSubmit={() => undefined}
      onClose={() => undefined}
    >
      <TextField aria-label="Server" />
    </FormDialog>
  );
  const { rerender } = render(form(true));
  const save = () => screen.getByRole<HTMLButtonElement>("button", { name: "Save" }).disabled;
  expect(save()).toBe(true);
  rerender(form(false));
  expect(save()).toBe(false);
});

test("a spinner waits for 300 ms", () => {
  vi.useFakeTimers();
  const { container } = render(<Spinner />);
  expect(container.innerHTML).toBe("");
  act(() => vi.advanceTimersByTime(310));
  expect(container.querySelector("svg")).not.toBeNull();
  vi.useRealTimers();
});

test("a switch and a checkbox are named by their words alone", async () => {
  const user = userEvent.setup();
  const changed = vi.fn();
  render(
    <>
      <Switch label="Channel is on" hint="Off: refused." checked onChange={changed} />
      <Checkbox label="Marcus" hint="marcus@harbour.example" checked={false} onChange={changed} />
    </>,
  );
  await user.click(screen.getByRole("switch", { name: "Channel is on" }));
  await user.click(screen.getByText("Marcus"));
  expect(changed.mock.calls.map(([on]) => on)).toEqual([false, true]);
});

test("a select is named by its field and keeps the value's type", async () => {
  const user = userEvent.setup();
  function Example() {
    const [value, setValue] = useState<number | null>(null);
    return (
      <>
        <Field label="Route to">
          <Select
            value={value}
            onChange={setValue}
            placeholder="Choose"
            options={[
              { value: 1, label: "Support" },
              { value: 2, label: "Billing", hint: "Money" },
            ]}
          />
        </Field>
        <output>{JSON.stringify(value)}</output>
      </>
    );
  }
  render(<Example />);
  await user.click(screen.getByRole("combobox", { name: "Route to" }));
  await user.click(await screen.findByRole("option", { name: /Billing/ }));
  expect(screen.getByRole("status").textContent).toBe("2");
  expect(screen.getByRole("combobox", { name: "Route to" }).textContent).toContain("Billing");
});

test("copying that the browser forbids says what to do", async () => {
  const user = userEvent.setup();
  useToasts.setState({ queue: [] });
  vi.spyOn(navigator.clipboard, "writeText").mockRejectedValue(new Error("blocked"));
  render(<CopyField value="c-1@in.parley.example" />);
  await user.click(screen.getByRole("button", { name: "Copy" }));
  expect(useToasts.getState().queue[0]?.text).toMatch(/Select the text/);
});

test("a toast waits for the code that shows it", () => {
  useToasts.setState({ queue: [], shown: false });
  toast("Saved");
  expect(useToasts.getState().queue.map(({ text }) => text)).toEqual(["Saved"]);
});

test.each([
  ["Anna Keller", "AK"],
  ["Wilhelmina van der Brugge", "WB"],
  ["anna@harbour.example", "AE"],
  ["李 小龙", "李小"],
  ["", ""],
])("the initials of “%s” are %s", (name, initials) => {
  const { container } = render(<Avatar name={name} />);
  expect(container.querySelector("span")?.dataset.initials).toBe(initials);
});
