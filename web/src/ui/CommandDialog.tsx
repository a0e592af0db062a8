import { Autocomplete } from "@base-ui/react/autocomplete";
import { Dialog } from "@base-ui/react/dialog";
import { Search } from "lucide-react";
import type { ReactNode } from "react";
import { backdropClass } from "./Dialog";
import { Kbd } from "./Kbd";
import { groupLabelClass, itemClass } from "./popup";

export interface Command {
  value: string;
  label: string;
  icon?: ReactNode;
  trailing?: ReactNode;
  run: () => void;
}

export interface CommandGroup {
  value: string;
  items: readonly Command[];
}

interface Props {
  title: string;
  placeholder: string;
  empty: string;
  groups: readonly CommandGroup[];
  onClose: () => void;
}

/** One field, and everything it can find, by keyboard alone. */
export function CommandDialog({ title, placeholder, empty, groups, onClose }: Props) {
  const run = (command: Command) => {
    onClose();
    command.run();
  };
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdropClass} />
        <Dialog.Popup
          data-hotkeys="off"
          className="fixed top-[14vh] left-1/2 z-50 w-[min(600px,calc(100vw-24px))] -translate-x-1/2 overflow-hidden rounded-2xl border border-line-2 bg-raised shadow-s3 outline-none transition-[opacity,scale] duration-100 data-starting-style:scale-[0.98] data-starting-style:opacity-0"
        >
          <Dialog.Title className="sr-only">{title}</Dialog.Title>
          <Autocomplete.Root
            open
            inline
            items={groups}
            autoHighlight="always"
            keepHighlight
            itemToStringValue={(command: Command) => command.label}
          >
            <div className="flex items-center gap-2.5 border-b px-4">
              <Search size={16} aria-hidden className="text-fg-3" />
              <Autocomplete.Input
                placeholder={placeholder}
                aria-label={title}
                className="h-12 min-w-0 flex-1 bg-transparent text-base outline-none"
              />
              <Kbd keys="Escape" />
            </div>
            <Autocomplete.Empty className="px-4 py-8 text-center text-fg-2 empty:hidden">
              {empty}
            </Autocomplete.Empty>
            <Autocomplete.List className="max-h-[min(420px,56vh)] overflow-y-auto p-2 outline-none empty:hidden">
              {(group: CommandGroup) => (
                <Autocomplete.Group key={group.value} items={group.items} className="mb-1">
                  <Autocomplete.GroupLabel className={groupLabelClass}>
                    {group.value}
                  </Autocomplete.GroupLabel>
                  <Autocomplete.Collection>
                    {(command: Command) => (
                      <Autocomplete.Item
                        key={command.value}
                        value={command}
                        className={`${itemClass} h-9`}
                        onClick={() => run(command)}
                      >
                        <span aria-hidden className="text-fg-2">
                          {command.icon}
                        </span>
                        <span className="min-w-0 flex-1 truncate">{command.label}</span>
                        {command.trailing}
                      </Autocomplete.Item>
                    )}
                  </Autocomplete.Collection>
                </Autocomplete.Group>
              )}
            </Autocomplete.List>
          </Autocomplete.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
