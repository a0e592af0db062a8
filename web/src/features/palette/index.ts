export { Overlays } from "./Overlays";
