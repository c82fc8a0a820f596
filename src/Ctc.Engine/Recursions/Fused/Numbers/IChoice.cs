namespace Ctc.Engine.Recursions.Fused.Numbers;

/// <summary>A choice at compile time: the branch that is not chosen costs nothing.</summary>
internal interface IChoice
{
    /// <summary>Gets whether the choice is yes.</summary>
    static abstract bool Chosen { get; }
}

/// <summary>The choice yes.</summary>
internal readonly struct Yes : IChoice
{
    /// <inheritdoc/>
    public static bool Chosen => true;
}

/// <summary>The choice no.</summary>
internal readonly struct No : IChoice
{
    /// <inheritdoc/>
    public static bool Chosen => false;
}
