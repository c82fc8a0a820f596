using Ctc.Configuration.Binding;
using Ctc.Tests;

namespace Ctc.Configuration.Tests.Binding;

public class OptionSummariesTests
{
    [Test]
    public void A_summary_may_be_that_of_another_member()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("a.xml"), """
            <doc><members>
              <member name="P:System.Version.Major"><summary>Gets the first number.</summary></member>
              <member name="P:System.Version.Minor"><inheritdoc cref="P:System.Version.Major"/></member>
              <member name="P:System.Version.Build"><inheritdoc cref="P:System.Version.Revision"/></member>
              <member name="P:System.Version.Revision"><inheritdoc cref="P:System.Version.Build"/></member>
              <member name="P:System.Version.MajorRevision"><inheritdoc/></member>
            </members></doc>
            """);
        var summaries = OptionSummaries.Load(folder.In("a.dll"));
        Assert.That(summaries.Find(typeof(Version), "Major"), Is.EqualTo("The first number."));
        Assert.That(summaries.Find(typeof(Version), "Minor"), Is.EqualTo("The first number."));
        Assert.That(summaries.Find(typeof(Version), "Build"), Is.Empty, "a circle");
        Assert.That(summaries.Find(typeof(Version), "MajorRevision"), Is.Empty);
        Assert.That(summaries.Find(typeof(Version), "MinorRevision"), Is.Empty);
    }
}
