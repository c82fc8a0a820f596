using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Tests.Recursions.Fused.Numbers;

/// <summary>Eight doubles, one after the other: what vectors of each width must compute, to the last bit.</summary>
[InlineArray(8)]
internal struct EightDoubles : IDoubleLanes<EightDoubles>
{
    private double first;

    public static int Count => 8;

    public static EightDoubles operator +(EightDoubles left, EightDoubles right) => Each(left, right, (x, y) => x + y);

    public static EightDoubles operator -(EightDoubles left, EightDoubles right) => Each(left, right, (x, y) => x - y);

    public static EightDoubles operator *(EightDoubles left, EightDoubles right) => Each(left, right, (x, y) => x * y);

    public static EightDoubles operator /(EightDoubles left, EightDoubles right) => Each(left, right, (x, y) => x / y);

    public static EightDoubles Of(double number) => Each(default, default, (_, _) => number);

    public static EightDoubles Load(ref double row, nint place) => Read(ref row, i => (int)place + i);

    public static EightDoubles LoadSingles(ref float row, nint place)
    {
        EightDoubles loaded = default;
        for (int i = 0; i < Count; i++) loaded[i] = Unsafe.Add(ref row, place + i);
        return loaded;
    }

    public static EightDoubles Gather(ref double row, ref int places)
    {
        EightDoubles loaded = default;
        for (int i = 0; i < Count; i++) loaded[i] = Unsafe.Add(ref row, Unsafe.Add(ref places, i));
        return loaded;
    }

    public void Store(ref double row, nint place)
    {
        for (int i = 0; i < Count; i++) Unsafe.Add(ref row, place + i) = this[i];
    }

    public static EightDoubles MultiplyAdd(EightDoubles left, EightDoubles right, EightDoubles more)
    {
        for (int i = 0; i < Count; i++) more[i] = Math.FusedMultiplyAdd(left[i], right[i], more[i]);
        return more;
    }

    public static EightDoubles Max(EightDoubles left, EightDoubles right) => Each(left, right, Math.Max);

    public static EightDoubles Min(EightDoubles left, EightDoubles right) => Each(left, right, Math.Min);

    public static EightDoubles MaxOrNaN(EightDoubles left, EightDoubles right) => Each(left, right, Math.Max);

    public static EightDoubles Round(EightDoubles numbers) => Each(numbers, default, (x, _) => Math.Round(x));

    public static EightDoubles Log(EightDoubles numbers) => Each(numbers, default, (x, _) => Vector128.Log(Vector128.Create(x))[0]);

    public static EightDoubles Scale(EightDoubles x, EightDoubles d) =>
        Each(x, d, (number, power) => double.IsNaN(power) ? power : power < -1022 ? 0 : number * Math.ScaleB(1, (int)power));

    public static (EightDoubles Mantissa, EightDoubles Exponent) Split(EightDoubles numbers)
    {
        EightDoubles exponent = Each(numbers, default, (x, _) => x == 0 ? double.NegativeInfinity : double.IsNaN(x) ? x : Math.ILogB(x));
        return (Each(numbers, exponent, (x, power) => double.IsFinite(power) ? Math.ScaleB(x, -(int)power) : 1), exponent);
    }

    public static EightDoubles WhereEqual(EightDoubles left, EightDoubles right, EightDoubles equal, EightDoubles other)
    {
        for (int i = 0; i < Count; i++) other[i] = left[i] == right[i] ? equal[i] : other[i];
        return other;
    }

    public static bool AreWithin(EightDoubles numbers, double limit)
    {
        bool within = true;
        for (int i = 0; i < Count; i++) within &= Math.Abs(numbers[i]) < limit || double.IsNegativeInfinity(numbers[i]);
        return within;
    }

    public static double Sum(EightDoubles numbers) =>
        ((numbers[0] + numbers[1]) + (numbers[2] + numbers[3])) + ((numbers[4] + numbers[5]) + (numbers[6] + numbers[7]));

    public static double Largest(EightDoubles numbers)
    {
        double largest = numbers[0];
        for (int i = 1; i < Count; i++) largest = Math.Max(largest, numbers[i]);
        return largest;
    }

    private static EightDoubles Read(ref double row, Func<int, int> place)
    {
        EightDoubles loaded = default;
        for (int i = 0; i < Count; i++) loaded[i] = Unsafe.Add(ref row, place(i));
        return loaded;
    }

    private static EightDoubles Each(EightDoubles left, EightDoubles right, Func<double, double, double> compute)
    {
        for (int i = 0; i < Count; i++) left[i] = compute(left[i], right[i]);
        return left;
    }
}
