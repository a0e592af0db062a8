/** The look of what opens above the page beside its trigger: menus, lists, popovers. */
export const popupClass =
  "origin-(--transform-origin) rounded-[10px] border border-line-2 bg-raised shadow-s3 outline-none transition-[opacity,scale] duration-100 data-ending-style:scale-[0.98] data-ending-style:opacity-0 data-starting-style:scale-[0.98] data-starting-style:opacity-0";

export const itemClass =
  "flex min-h-8 w-full select-none items-center gap-2.5 rounded-[7px] px-2 py-1 text-left text-fg text-sm outline-none data-disabled:text-fg-3 data-highlighted:bg-active touch:min-h-11";

export const groupLabelClass = "px-2 pt-2 pb-1 font-medium text-2xs text-fg-3";
