
namespace Ctc.Configuration.Yaml;

/// <summary>Parses the two forms of a part, <c>name</c> and <c>{ name: { options } }</c>.</summary>
internal static class PartName
{
    /// <summary>The name of the part and its options, null if absent; or null if the value is not a part.</summary>
    public static YamlEntry? Parse(YamlValue part) => part switch
    {
        YamlScalar { IsNull: false } name => new YamlEntry(name, new YamlScalar(name.Location, "", Plain: true)),
        YamlMapping { Entries: [YamlEntry single] } => single,
        _ => null,
    };
}
