namespace Ctc.Engine.Recursions.Fused.Numbers;

/// <summary>A row of mantissas and exponents, one of each for a state, from state 0 on. See <see cref="ExtendedRange"/>.</summary>
internal readonly ref struct StateRow(ref double mantissa, ref double exponent)
{
    public readonly ref double Mantissa = ref mantissa;

    public readonly ref double Exponent = ref exponent;
}
