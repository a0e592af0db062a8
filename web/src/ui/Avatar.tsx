import { memo } from "react";

function hue(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360;
  return sum;
}

/** A number has no initials: its end tells it from others. */
const number = /^\+?[\d ]+$/;

function initials(name: string, count: number): string {
  if (number.test(name)) return name.replaceAll(" ", "").slice(-count);
  const words = name
    .trim()
    .split(/[\s@.]+/u)
    .filter(Boolean);
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words;
  return chosen
    .slice(0, count)
    .map((word) => [...(word ?? "")][0]?.toUpperCase() ?? "")
    .join("");
}

interface Props {
  name: string;
  size?: 20 | 28 | 32 | 44;
}

/** A colour and initials from the name. A decoration: the name stands beside it. */
export const Avatar = memo(function Avatar({ name, size = 32 }: Props) {
  const tiny = size < 28;
  return (
    <span
      aria-hidden
      // As generated content, initials are no text that a name would have to repeat.
      data-initials={initials(name, tiny ? 1 : 2)}
      className="grid before:content-[attr(data-initials)] shrink-0 select-none place-items-center rounded-full bg-[oklch(0.92_0.05_var(--hue))] font-semibold text-[oklch(0.38_0.11_var(--hue))] dark:bg-[oklch(0.34_0.06_var(--hue))] dark:text-[oklch(0.9_0.07_var(--hue))]"
      style={{
        "--hue": hue(name),
        width: size,
        height: size,
        fontSize: Math.round(size * (tiny ? 0.52 : 0.38)),
      }}
    />
  );
});
