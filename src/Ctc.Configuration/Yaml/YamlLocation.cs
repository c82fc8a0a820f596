namespace Ctc.Configuration.Yaml;

/// <summary>Where a value was written, so that a message can point at it.</summary>
/// <param name="Source">The file as the user named it, or the override.</param>
/// <param name="Line">From 1; 0 where the source is too short to need a position.</param>
/// <param name="Column">From 1; 0 where there is no line.</param>
public readonly record struct YamlLocation(string Source, int Line = 0, int Column = 0)
{
    /// <summary>As a message begins: "configs/x.yaml:9:23", or the source alone.</summary>
    /// <returns>Source, line and column, joined by colons.</returns>
    public override string ToString() => Line == 0 ? Source : $"{Source}:{Line}:{Column}";
}
