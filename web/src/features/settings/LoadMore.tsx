import { useTranslation } from "react-i18next";
import { Button } from "@/ui/Button";

interface Props {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}

/** Below a list that comes page by page: asks for the next one, while there is one. */
export function LoadMore({ query }: Props) {
  const { t } = useTranslation("common");
  if (!query.hasNextPage) return null;
  return (
    <Button
      className="justify-self-center"
      busy={query.isFetchingNextPage}
      onClick={() => void query.fetchNextPage()}
    >
      {t("loadMore")}
    </Button>
  );
}
