namespace Ctc.Engine.Recursions.Fused;

/// <summary>A choice that is known when compiled, so that what is not needed costs nothing.</summary>
internal interface IChoice
{
    /// <summary>Gets which.</summary>
    static abstract bool Chosen { get; }
}

/// <summary>Chosen.</summary>
internal readonly struct Yes : IChoice
{
    /// <inheritdoc/>
    public static bool Chosen => true;
}

/// <summary>Not chosen.</summary>
internal readonly struct No : IChoice
{
    /// <inheritdoc/>
    public static bool Chosen => false;
}
