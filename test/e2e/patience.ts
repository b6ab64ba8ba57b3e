/** How much longer than usual everything may take before it counts as hanging, on a machine that does other work besides. */
export const patience = Number(process.env.CELLSCOPE_PATIENCE ?? 1)
