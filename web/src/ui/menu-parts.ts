import type { Menu as Base } from "@base-ui/react/menu";
import { createContext, useContext } from "react";

/**
 * The parts of Base UI's menu, given by the popup once it has loaded. A page
 * that only might open a menu then begins without the code of one.
 */
export const MenuParts = createContext<typeof Base | null>(null);

export function useMenuParts(): typeof Base {
  const parts = useContext(MenuParts);
  if (!parts) throw new Error("menu items stand inside a Menu");
  return parts;
}
