import type { Editor } from "@tiptap/react";
import { useEditorState } from "@tiptap/react";
import {
  Bold,
  Code,
  Italic,
  Link2,
  List,
  ListOrdered,
  Paperclip,
  Quote,
  Strikethrough,
  Underline,
} from "lucide-react";
import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useHotkey } from "@/lib/hotkeys";
import { Button } from "@/ui/Button";
import { IconButton } from "@/ui/IconButton";
import { Popover } from "@/ui/Popover";
import { TextField } from "@/ui/TextField";

interface Props {
  editor: Editor | undefined;
  /** Absent where nothing can be attached. */
  onFiles?: (files: File[]) => void;
  /** What else can be put in, beside the formatting. */
  children?: ReactNode;
}

const marks = [
  { name: "bold", icon: Bold, run: (e: Editor) => e.chain().focus().toggleBold().run() },
  { name: "italic", icon: Italic, run: (e: Editor) => e.chain().focus().toggleItalic().run() },
  {
    name: "underline",
    icon: Underline,
    run: (e: Editor) => e.chain().focus().toggleUnderline().run(),
  },
  {
    name: "strike",
    icon: Strikethrough,
    run: (e: Editor) => e.chain().focus().toggleStrike().run(),
  },
  {
    name: "bulletList",
    icon: List,
    run: (e: Editor) => e.chain().focus().toggleBulletList().run(),
  },
  {
    name: "orderedList",
    icon: ListOrdered,
    run: (e: Editor) => e.chain().focus().toggleOrderedList().run(),
  },
  {
    name: "blockquote",
    icon: Quote,
    run: (e: Editor) => e.chain().focus().toggleBlockquote().run(),
  },
  { name: "codeBlock", icon: Code, run: (e: Editor) => e.chain().focus().toggleCodeBlock().run() },
] as const;

/** Formatting, links and files. */
export function Toolbar({ editor, onFiles, children }: Props) {
  const { t } = useTranslation("composer");
  const active = useEditorState({
    editor: editor ?? null,
    selector: ({ editor }) =>
      marks
        .filter((mark) => editor?.isActive(mark.name))
        .map((mark) => mark.name)
        .join(),
  });
  const on = new Set((active ?? "").split(","));
  return (
    <ToolRow label={t("toolbar")}>
      {onFiles ? <AttachButton onFiles={onFiles} /> : null}
      {children}
      {onFiles || children ? (
        <span aria-hidden className="mx-1 h-4 w-px shrink-0 bg-line-2" />
      ) : null}
      {marks.map(({ name, icon: Icon, run }, index) => (
        <IconButton
          key={name}
          label={t(`mark.${name}`)}
          icon={<Icon size={15} aria-hidden />}
          side="top"
          aria-pressed={on.has(name)}
          tabIndex={index === 0 && !onFiles ? 0 : -1}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => editor && run(editor)}
        />
      ))}
      <LinkButton editor={editor} />
    </ToolRow>
  );
}

/** The arrow keys go along the buttons. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const at = buttons.indexOf(event.target as HTMLButtonElement);
  buttons[(at + by + buttons.length) % buttons.length]?.focus();
  event.preventDefault();
}

interface RowProps {
  label: string;
  children: ReactNode;
}

/**
 * Tools in a row, one stop of the Tab key. Where there is no room they go on in
 * another row; under a finger, where that takes too much, they scroll and fade.
 */
export function ToolRow({ label, children }: RowProps) {
  return (
    <div
      role="toolbar"
      aria-label={label}
      onKeyDown={walk}
      className="flex min-w-0 flex-wrap items-center gap-0.5 touch:flex-nowrap touch:overflow-x-auto touch:pr-6 touch:[mask-image:linear-gradient(to_right,black_calc(100%-1.5rem),transparent)]"
    >
      {children}
    </div>
  );
}

interface AttachProps {
  /** What it attaches, where that is not any file. */
  label?: string;
  icon?: ReactNode;
  accept?: string;
  onFiles: (files: File[]) => void;
}

export function AttachButton({ label, icon, accept, onFiles }: AttachProps) {
  const { t } = useTranslation("composer");
  const input = useRef<HTMLInputElement>(null);
  useHotkey("attach", () => input.current?.click());
  return (
    <>
      <IconButton
        label={label ?? t("attach")}
        hotkey="attach"
        icon={icon ?? <Paperclip size={15} aria-hidden />}
        side="top"
        onClick={() => input.current?.click()}
      />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={accept}
        aria-label={label ?? t("attach")}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
    </>
  );
}

function LinkButton({ editor }: { editor: Editor | undefined }) {
  const { t } = useTranslation("composer");
  const [open, setOpen] = useState(false);
  const [href, setHref] = useState("");
  function apply(): void {
    if (editor) link(editor, href.trim());
    setOpen(false);
  }
  return (
    <Popover
      label={t("mark.link")}
      side="top"
      open={open}
      onOpenChange={(next) => {
        if (next) setHref(String(editor?.getAttributes("link").href ?? ""));
        setOpen(next);
      }}
      trigger={
        <IconButton
          label={t("mark.link")}
          icon={<Link2 size={15} aria-hidden />}
          side="top"
          tabIndex={-1}
        />
      }
    >
      <form
        className="flex gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          // The editor may stand in a form, which this must not send.
          event.stopPropagation();
          apply();
        }}
      >
        <TextField
          value={href}
          aria-label={t("link.address")}
          placeholder="https://"
          onChange={(event) => setHref(event.target.value)}
        />
        <Button type="submit" look="primary" size="large">
          {t(href.trim() ? "link.apply" : "link.remove")}
        </Button>
      </form>
    </Popover>
  );
}

/** Links what is selected, or writes the address where nothing is; an empty one takes the link away. */
function link(editor: Editor, address: string): void {
  const chain = editor.chain().focus().extendMarkRange("link");
  const href = /^(https?:|mailto:|tel:)/i.test(address) ? address : `https://${address}`;
  if (address === "") chain.unsetMark("link").run();
  else if (editor.state.selection.empty && !editor.isActive("link")) {
    chain
      .insertContent({ type: "text", text: address, marks: [{ type: "link", attrs: { href } }] })
      .run();
  } else chain.setMark("link", { href }).run();
}
