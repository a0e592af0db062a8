import type { ReactNode } from "react";
import { useTitle } from "@/lib/title";
import { SidebarButton } from "@/ui/Workspace";

interface Props {
  title: string;
  text: string;
  action?: ReactNode;
  children: ReactNode;
}

/** The frame of every settings page: what it is for, its one action, its content. */
export function SettingsPage({ title, text, action, children }: Props) {
  useTitle(title);
  return (
    <div data-panel tabIndex={-1} className="flex-1 overflow-y-auto outline-none">
      <div className="mx-auto grid max-w-190 grid-cols-1 gap-6 px-4 py-5 md:px-8 md:py-8">
        <header className="flex flex-wrap items-start gap-x-4 gap-y-3">
          <div className="flex min-w-0 flex-1 basis-72 items-start gap-2">
            <SidebarButton />
            <div className="min-w-0">
              <h1 className="font-semibold text-xl">{title}</h1>
              <p className="max-w-130 text-pretty text-fg-2">{text}</p>
            </div>
          </div>
          {action}
        </header>
        {children}
      </div>
    </div>
  );
}

interface SectionProps {
  title: string;
  text?: string;
  action?: ReactNode;
  children: ReactNode;
}

/** One subject of a page that has several. */
export function SettingsSection({ title, text, action, children }: SectionProps) {
  return (
    <section className="grid grid-cols-1 gap-3 border-t pt-6 first-of-type:border-t-0 first-of-type:pt-0">
      <header className="flex items-start gap-4">
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold text-lg">{title}</h2>
          {text ? <p className="text-fg-2">{text}</p> : null}
        </div>
        {action}
      </header>
      {children}
    </section>
  );
}
