import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import { sectionGroups } from "./sections";

export function SectionNav({ onChoose }: { onChoose?: () => void }) {
  const { t } = useTranslation("settings");
  const { permissions } = useMe();
  return (
    <nav aria-label={t("title")} className="grid gap-4">
      {sectionGroups.map((group) => {
        const visible = group.sections.filter(({ needs }) => !needs || permissions.includes(needs));
        if (visible.length === 0) return null;
        return (
          <div key={group.name}>
            <h2 className="px-2 pb-1 font-medium text-2xs text-fg-3">{t(`group.${group.name}`)}</h2>
            <ul className="grid gap-px">
              {visible.map(({ name, to, icon: Icon }) => (
                <li key={name}>
                  <Link
                    to={to}
                    onClick={onChoose}
                    className="flex h-7.5 items-center gap-2.5 rounded-lg px-2 text-fg-2 outline-offset-[-2px] hover:bg-hover hover:text-fg aria-[current=page]:bg-active aria-[current=page]:font-medium aria-[current=page]:text-fg touch:h-11"
                  >
                    <Icon size={15} strokeWidth={1.9} aria-hidden />
                    {t(`${name}.title`)}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}
