
namespace Ctc.Configuration.Yaml;

/// <summary>Reads the two forms of a part, <c>name</c> and <c>{ name: { options } }</c>, as the second.</summary>
internal static class PartName
{
    /// <summary>The part's name and its options, which are null where none were written; or nothing where this is no part.</summary>
    public static YamlEntry? Parse(YamlValue part) => part switch
    {
        YamlScalar { IsNull: false } name => new YamlEntry(name, new YamlScalar(name.Location, "", Plain: true)),
        YamlMapping { Entries: [YamlEntry single] } => single,
        _ => null,
    };
}
