/** One regression tree of a booster, as flat arrays; a leaf has `left` -1 and its value in `condition`. */
export interface Tree { readonly left: Int32Array; readonly right: Int32Array; readonly feature: Int32Array; readonly condition: Float32Array; readonly defaultLeft: Uint8Array }

/** A binary-logistic booster read from xgboost's JSON. Thresholds, leaves and the base margin are float32, as xgboost keeps them. */
export interface Booster { readonly trees: readonly Tree[]; readonly baseMargin: number; readonly features: number }

interface JsonTree { left_children: number[]; right_children: number[]; split_indices: number[]; split_conditions: number[]; default_left: (number | boolean)[]; split_type?: number[] }
interface JsonModel {
  learner: { gradient_booster: { name: string; model: { trees: JsonTree[] } }; learner_model_param: { base_score: string; num_feature: string }; objective: { name: string } }
}

/** The booster does not fit what fusion evaluates. */
export class BoosterError extends Error {}

/** Reads the JSON of `Booster.save_model`: gbtree, binary:logistic, numeric splits. Throws BoosterError otherwise. */
export function readBooster(text: string): Booster {
  let json: JsonModel
  try {
    json = JSON.parse(text) as JsonModel
  } catch {
    throw new BoosterError('the fusion model is not JSON')
  }
  const { gradient_booster: booster, learner_model_param: param, objective } = json.learner ?? {}
  if (booster?.name !== 'gbtree' || objective?.name !== 'binary:logistic') throw new BoosterError('the fusion model is not a binary:logistic gbtree of xgboost')
  const base = Math.fround(Number(param.base_score.replace(/[[\]]/g, '')))
  if (!(base > 0 && base < 1)) throw new BoosterError(`the fusion model's base score ${param.base_score} is not a probability`)
  const trees = booster.model.trees.map((tree): Tree => {
    if (tree.split_type?.some((t) => t !== 0) === true) throw new BoosterError('the fusion model splits by category, which is not supported')
    return {
      left: Int32Array.from(tree.left_children), right: Int32Array.from(tree.right_children), feature: Int32Array.from(tree.split_indices), condition: Float32Array.from(tree.split_conditions),
      defaultLeft: Uint8Array.from(tree.default_left, Number),
    }
  })
  return { trees, features: Number(param.num_feature), baseMargin: Math.fround(-Math.log(Math.fround(Math.fround(1 / base) - 1))) }
}

/** The margin of one row as xgboost sums it: the leaves in tree order, each addition rounded to float32, on top of the base margin. */
export function boosterMargin(booster: Booster, row: ArrayLike<number>): number {
  let margin = booster.baseMargin
  for (const tree of booster.trees) {
    let node = 0
    while ((tree.left[node] as number) !== -1) {
      const value = Math.fround(row[tree.feature[node] as number] as number)
      const goLeft = Number.isNaN(value) ? tree.defaultLeft[node] === 1 : value < (tree.condition[node] as number)
      node = (goLeft ? tree.left[node] : tree.right[node]) as number
    }
    margin = Math.fround(margin + (tree.condition[node] as number))
  }
  return margin
}

/** xgboost's sigmoid: exponential, sum and quotient each rounded to float32, the exponent cut off before it overflows. */
export const marginToProbability = (margin: number): number => Math.fround(1 / Math.fround(1 + Math.fround(Math.exp(Math.min(-margin, Math.fround(88.7))))))
