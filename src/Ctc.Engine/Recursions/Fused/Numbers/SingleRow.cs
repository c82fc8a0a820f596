namespace Ctc.Engine.Recursions.Fused.Numbers;

/// <summary>A row of float32 mantissas and whole exponents, from state 0 on. See <see cref="SingleRange"/>.</summary>
internal readonly ref struct SingleRow(ref float mantissa, ref float exponent)
{
    public readonly ref float Mantissa = ref mantissa;

    public readonly ref float Exponent = ref exponent;
}
