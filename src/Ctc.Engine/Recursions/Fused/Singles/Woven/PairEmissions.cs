using System.Runtime.CompilerServices;

namespace Ctc.Engine.Recursions.Fused.Singles.Woven;

/// <summary>
/// The emissions of a frame in one row: a mantissa for the label of each place and, in a second part, an exponent. The first place, before those of
/// the pairs, has that of the blank; the second says whether there are exponents.
/// </summary>
/// <param name="row">The first number.</param>
/// <param name="part">The length of a part.</param>
internal readonly ref struct PairEmissions(ref float row, nint part)
{
    /// <summary>The first mantissa of the labels.</summary>
    public readonly ref float Labels = ref row;

    /// <summary>The first of their exponents.</summary>
    public readonly ref float LabelExponents = ref Unsafe.Add(ref row, part);

    /// <summary>Gets the mantissa of the blank.</summary>
    public ref float Blank => ref Labels;

    /// <summary>Gets its exponent, a whole number in the bits.</summary>
    public ref float BlankExponent => ref LabelExponents;

    /// <summary>Gets or sets whether there are exponents.</summary>
    public bool Wide
    {
        get => Unsafe.Add(ref Labels, 1) != 0;
        set => Unsafe.Add(ref Labels, 1) = value ? 1 : 0;
    }
}
