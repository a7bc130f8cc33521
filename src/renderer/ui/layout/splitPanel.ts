/** A panel of SplitPanels. Sizes are percent of the group, or pixels with unit 'px'. */
export interface SplitPanel {
  readonly id: string
  readonly label?: string | undefined
  readonly size?: number | undefined
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly unit?: '%' | 'px' | undefined
  readonly collapsible?: boolean | undefined
}
