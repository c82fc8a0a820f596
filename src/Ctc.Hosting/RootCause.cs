using System.Composition.Hosting;
using System.Reflection;

namespace Ctc.Hosting;

/// <summary>Digs out of reflection's and composition's wrappings what really went wrong.</summary>
public static class RootCause
{
    /// <summary>The innermost error that says something.</summary>
    /// <param name="failure">As it was caught.</param>
    /// <returns>Its kind and its message, on one line; of an assembly or a native library that is missing, which one.</returns>
    public static string Of(Exception failure)
    {
        Exception inner = failure switch
        {
            ReflectionTypeLoadException { LoaderExceptions: [{ } first, ..] } => first,
            TargetInvocationException or TypeInitializationException or CompositionFailedException or AggregateException => failure.InnerException ?? failure,
            FileLoadException { InnerException: PluginException refused } => refused, // by the plugin's load context
            _ => failure,
        };
        if (!ReferenceEquals(inner, failure)) return Of(inner);

        string message = failure.Message.ReplaceLineEndings(" ").Trim();
        return failure switch
        {
            PluginException => message,
            FileNotFoundException { FileName: { } file } when file.Contains(", Version=", StringComparison.Ordinal) => Missing(new AssemblyName(file)),
            DllNotFoundException when message.Split('\'') is [_, var library, ..] => $"it needs the native library {library}, which could not be loaded",
            _ => $"{failure.GetType().Name}: {message}",
        };
    }

    private static string Missing(AssemblyName assembly) => $"it needs version {assembly.Version} of the assembly {assembly.Name}, which was not found";
}
