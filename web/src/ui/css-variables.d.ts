import "react";

/** Lets a style set custom properties: style={{ "--hue": 120 }}. */
declare module "react" {
  interface CSSProperties {
    [name: `--${string}`]: string | number | undefined;
  }
}
