import { PanelLeft } from "lucide-react";
import { lazy, type ReactNode, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { create } from "zustand";
import { fits, useMedia } from "@/lib/media";
import { IconButton } from "./IconButton";

const Drawer = lazy(() => import("./Drawer").then((file) => ({ default: file.Drawer })));

/**
 * What a page is laid out with, right of the shell's rail: a sidebar of
 * 228 px that folds into a drawer, and the white card with the page itself.
 */
interface SidebarState {
  open: boolean;
  setOpen: (open: boolean) => void;
}

export const useSidebar = create<SidebarState>((set) => ({
  open: false,
  setOpen: (open) => set({ open }),
}));

interface SidebarProps {
  /** Names the landmark, and the drawer's head. */
  label: string;
  children: ReactNode;
}

export function Sidebar({ label, children }: SidebarProps) {
  const beside = useMedia(fits.sidebar);
  const { open, setOpen } = useSidebar();
  // Another page's sidebar does not begin open.
  useEffect(() => () => setOpen(false), [setOpen]);
  if (beside) {
    return (
      <aside
        aria-label={label}
        data-panel
        tabIndex={-1}
        className="flex w-57 shrink-0 flex-col overflow-y-auto py-3 pr-2 outline-none"
      >
        {children}
      </aside>
    );
  }
  if (!open) return null;
  return (
    <Suspense fallback={null}>
      <Drawer open onOpenChange={setOpen} title={label}>
        {children}
      </Drawer>
    </Suspense>
  );
}

/** Opens the sidebar's drawer; there only where the sidebar is folded. */
export function SidebarButton() {
  const { t } = useTranslation("shell");
  const beside = useMedia(fits.sidebar);
  const setOpen = useSidebar((state) => state.setOpen);
  if (beside) return null;
  return (
    <IconButton
      label={t("openSidebar")}
      icon={<PanelLeft size={18} aria-hidden />}
      size="medium"
      onClick={() => setOpen(true)}
    />
  );
}

/** The page's card; the skip link and route changes bring the focus here. */
export function Main({ children }: { children: ReactNode }) {
  return (
    <main
      id="main"
      tabIndex={-1}
      className="flex min-w-0 flex-1 overflow-hidden bg-surface md:my-2 md:mr-2 md:rounded-xl md:border md:border-line md:shadow-s1"
    >
      {children}
    </main>
  );
}
