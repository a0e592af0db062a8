import { useEffect, useRef, useState } from "react";

interface Props {
  /** The message whose HTML is shown. */
  id: number;
  title: string;
  /** Images from elsewhere are shown, through our own server. */
  images: boolean;
}

/**
 * A mail's HTML as its own document, with its own policy (no script, nothing
 * from elsewhere), in a frame that grows with it. The sheet stays white in
 * dark mode: mails bring their own colours.
 */
export function MailFrame({ id, title, images }: Props) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(120);
  const source = `/api/v1/messages/${id}/html${images ? "?images=1" : ""}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another source is another document to measure
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    let watcher: ResizeObserver | undefined;
    const loaded = () => {
      const body = element.contentDocument?.body;
      if (!body) return;
      trim(body);
      const measure = () => setHeight(Math.ceil(body.getBoundingClientRect().height) + 2);
      measure();
      watcher?.disconnect();
      watcher = new ResizeObserver(measure);
      watcher.observe(body);
      passKeys(element);
    };
    element.addEventListener("load", loaded);
    return () => {
      element.removeEventListener("load", loaded);
      watcher?.disconnect();
    };
  }, [source]);
  return (
    <div className="overflow-x-auto rounded-lg dark:bg-white dark:p-3">
      <iframe
        ref={frame}
        title={title}
        src={source}
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        className="block w-full border-0 [color-scheme:light]"
        style={{ height }}
      />
    </div>
  );
}

/** The card has its own room around the text: that of the first and last paragraph is too much. */
function trim(body: HTMLElement): void {
  const { firstElementChild: first, lastElementChild: last } = body;
  (first as HTMLElement | null)?.style.setProperty("margin-top", "0");
  (last as HTMLElement | null)?.style.setProperty("margin-bottom", "0");
}

/** Shortcuts work while the focus is in a mail, too: its keys are repeated on our own page. */
function passKeys(frame: HTMLIFrameElement): void {
  frame.contentDocument?.addEventListener("keydown", (event) => {
    const copy = new KeyboardEvent("keydown", {
      key: event.key,
      code: event.code,
      shiftKey: event.shiftKey,
      ctrlKey: event.ctrlKey,
      metaKey: event.metaKey,
      altKey: event.altKey,
      bubbles: true,
      cancelable: true,
    });
    if (!frame.dispatchEvent(copy)) event.preventDefault();
  });
}
