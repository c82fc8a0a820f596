namespace Ctc.Configuration.Yaml;

/// <summary>The source position of a value, for messages.</summary>
/// <param name="Source">The path as given by the user, or the override.</param>
/// <param name="Line">From 1; 0 if the source is too short to need a position.</param>
/// <param name="Column">From 1; 0 if there is no line.</param>
public readonly record struct YamlLocation(string Source, int Line = 0, int Column = 0)
{
    /// <summary>Gets whether the value is of an override, which a user writes in the current folder.</summary>
    internal bool IsOverride { get; init; }

    /// <summary>Returns the start of a message: "configs/x.yaml:9:23", or only the source.</summary>
    /// <returns>Source, line and column, joined by colons.</returns>
    public override string ToString() => Line == 0 ? Source : $"{Source}:{Line}:{Column}";
}
