import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";

interface Props<Value extends string> {
  label: string;
  value: Value;
  onChange: (value: Value) => void;
  tabs: readonly { value: Value; label: string; count?: number }[];
  /** The panel of the chosen tab. */
  children: ReactNode;
}

export function Tabs<Value extends string>(props: Props<Value>) {
  const { label, value, onChange, tabs, children } = props;
  return (
    <Base.Root value={value} onValueChange={(next) => onChange(next as Value)}>
      <Base.List aria-label={label} className="flex gap-1 overflow-x-auto">
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className="h-7 shrink-0 rounded-full px-3 font-medium text-fg-2 text-xs transition-colors duration-100 hover:bg-hover hover:text-fg data-active:bg-active data-active:text-fg touch:h-11"
          >
            {tab.label}
            {tab.count === undefined ? null : (
              <span className="ml-1.5 text-fg-3 tabular-nums">{tab.count}</span>
            )}
          </Base.Tab>
        ))}
      </Base.List>
      <Base.Panel value={value} className="pt-4 outline-offset-4">
        {children}
      </Base.Panel>
    </Base.Root>
  );
}
