import { Banner } from "./Banner";

/** What is wrong with a form as a whole; nothing when it is about single fields. */
export function FormError({ message }: { message: string | undefined }) {
  if (!message) return null;
  return (
    <Banner tone="danger" alert>
      {message}
    </Banner>
  );
}
