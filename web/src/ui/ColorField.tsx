import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import { Check } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type DotColor, dotColors } from "./colors";
import { useField } from "./field-context";

interface Props {
  value: DotColor;
  onChange: (color: DotColor) => void;
}

/** A choice of dots that can be told apart on both themes; each has a name for those who can't see it. */
export function ColorField({ value, onChange }: Props) {
  const { t } = useTranslation();
  const field = useField();
  return (
    <RadioGroup
      aria-labelledby={field?.labelId}
      aria-describedby={field?.describedBy}
      value={value}
      onValueChange={(next) => onChange(next as DotColor)}
      className="flex flex-wrap gap-2"
    >
      {dotColors.map(({ name, color }) => (
        <Radio.Root
          key={name}
          value={name}
          aria-label={t(`color.${name}`)}
          data-tip={t(`color.${name}`)}
          style={{ background: color }}
          className="grid size-7 place-items-center rounded-full text-white outline-offset-2 forced-color-adjust-none touch:size-11"
        >
          <Radio.Indicator>
            <Check size={14} strokeWidth={3} aria-hidden />
          </Radio.Indicator>
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}
