namespace Ctc.Engine.Recursions.Fused.Numbers;

/// <summary>A vector of doubles; all widths compute the same bits.</summary>
/// <typeparam name="TSelf">The vector of one width.</typeparam>
internal interface IDoubleLanes<TSelf>
    where TSelf : struct, IDoubleLanes<TSelf>
{
    /// <summary>Gets the number of lanes: <see cref="ExtendedRange.Lanes"/>, or a half of it.</summary>
    static abstract int Count { get; }

    /// <summary>Returns a vector of equal numbers.</summary>
    static abstract TSelf Of(double number);

    /// <summary>Loads numbers.</summary>
    static abstract TSelf Load(ref double row, nint place);

    /// <summary>Loads numbers of float32.</summary>
    static abstract TSelf LoadSingles(ref float row, nint place);

    /// <summary>Loads the numbers at as many places as there are lanes.</summary>
    static abstract TSelf Gather(ref double row, ref int places);

    /// <summary>Stores all lanes.</summary>
    void Store(ref double row, nint place);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary>Computes left·right + more, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf more);

    /// <summary>Returns the larger number of each lane; undefined for NaN.</summary>
    static abstract TSelf Max(TSelf left, TSelf right);

    /// <summary>Returns the smaller number of each lane; undefined for NaN.</summary>
    static abstract TSelf Min(TSelf left, TSelf right);

    /// <summary>Returns the larger number of each lane; NaN if one of the two is.</summary>
    static abstract TSelf MaxOrNaN(TSelf left, TSelf right);

    /// <summary>Rounds to the nearest whole number.</summary>
    static abstract TSelf Round(TSelf numbers);

    /// <summary>Computes the natural logarithm.</summary>
    static abstract TSelf Log(TSelf numbers);

    /// <summary>Computes x·2^d for d up to 1000; 0 if that is too small, NaN if d is.</summary>
    static abstract TSelf Scale(TSelf x, TSelf d);

    /// <summary>Splits numbers that are 0 or normal, such as products of a mantissa and a narrow emission.</summary>
    /// <returns>A mantissa in [1, 2) and an exponent: −∞ for 0, NaN for NaN.</returns>
    static abstract (TSelf Mantissa, TSelf Exponent) Split(TSelf numbers);

    /// <summary>Returns one vector where two others are equal, and another elsewhere. NaN equals nothing.</summary>
    static abstract TSelf WhereEqual(TSelf left, TSelf right, TSelf equal, TSelf other);

    /// <summary>Returns whether the absolute values of all numbers are below a limit, those of −∞ left out, and none is NaN.</summary>
    static abstract bool AreWithin(TSelf numbers, double limit);

    /// <summary>Computes the sum of the lanes: that of the lower half, and that of the upper half.</summary>
    static abstract double Sum(TSelf numbers);

    /// <summary>Returns the largest number; NaN if one is.</summary>
    static abstract double Largest(TSelf numbers);
}
