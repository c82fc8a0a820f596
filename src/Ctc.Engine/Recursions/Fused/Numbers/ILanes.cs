namespace Ctc.Engine.Recursions.Fused.Numbers;

/// <summary>A vector of float32 numbers, or of whole numbers of 32 bits in their place; all widths compute the same bits.</summary>
/// <typeparam name="TSelf">The vector of one width.</typeparam>
internal interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>Gets the number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>Returns a vector of equal numbers.</summary>
    static abstract TSelf Of(float number);

    /// <summary>Returns a vector of equal whole numbers.</summary>
    static abstract TSelf OfWhole(int number);

    /// <summary>Loads numbers, or whole numbers that were stored as such.</summary>
    static abstract TSelf Load(ref float row, nint place);

    /// <summary>Stores all lanes.</summary>
    void Store(ref float row, nint place);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary>Computes left·right + more.</summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf more);

    /// <summary>Returns the larger number of each lane; undefined for NaN.</summary>
    static abstract TSelf Max(TSelf left, TSelf right);

    /// <summary>Returns the smaller number of each lane; undefined for NaN.</summary>
    static abstract TSelf Min(TSelf left, TSelf right);

    /// <summary>Rounds to the nearest whole number, as a float32.</summary>
    static abstract TSelf Round(TSelf numbers);

    /// <summary>Converts whole numbers in float32, at most 2²⁴ in absolute value.</summary>
    static abstract TSelf ToWhole(TSelf numbers);

    /// <summary>Adds whole numbers.</summary>
    static abstract TSelf AddWhole(TSelf left, TSelf right);

    /// <summary>Subtracts whole numbers.</summary>
    static abstract TSelf SubtractWhole(TSelf left, TSelf right);

    /// <summary>Returns the larger whole number of each lane.</summary>
    static abstract TSelf MaxWhole(TSelf left, TSelf right);

    /// <summary>Computes 2^exponent for whole exponents up to 127; 0 below −126.</summary>
    static abstract TSelf PowerOfTwo(TSelf exponents);

    /// <summary>Computes number·2^exponent for whole exponents, where number and result are positive and normal.</summary>
    static abstract TSelf Scale(TSelf numbers, TSelf exponents);

    /// <summary>Splits positive normal numbers into a mantissa in [1, 2) and a whole exponent.</summary>
    static abstract (TSelf Mantissa, TSelf Exponent) Split(TSelf numbers);

    /// <summary>Returns one vector where numbers are less than a limit, and another elsewhere.</summary>
    static abstract TSelf WhereBelow(TSelf numbers, float limit, TSelf below, TSelf other);

    /// <summary>Keeps marks, whole numbers of −1, where numbers are below +∞ and not NaN; elsewhere the result is 0.</summary>
    static abstract TSelf WhereScores(TSelf marks, TSelf numbers);

    /// <summary>Returns whether all are marked.</summary>
    static abstract bool AreMarked(TSelf marks);

    /// <summary>Returns whether some number is less than a limit.</summary>
    static abstract bool AnyBelow(TSelf numbers, float limit);

    /// <summary>Returns the largest number; undefined for NaN.</summary>
    static abstract float Largest(TSelf numbers);

    /// <summary>Returns the smallest number; undefined for NaN.</summary>
    static abstract float Smallest(TSelf numbers);

    /// <summary>Loads from a table of 32 numbers those at the places that whole numbers of at most 31 name.</summary>
    static abstract TSelf Pick(ref float table, TSelf places);

    /// <summary>Transposes a square of as many rows as there are lanes.</summary>
    /// <param name="from">The first number of the first row.</param>
    /// <param name="step">The distance of its rows.</param>
    /// <param name="to">The square, row by row without gaps.</param>
    static abstract void Transpose(ref float from, nint step, ref float to);
}
