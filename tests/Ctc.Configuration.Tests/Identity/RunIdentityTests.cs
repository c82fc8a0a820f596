using System.Security.Cryptography;
using System.Text;
using Ctc.Configuration.Identity;
using Ctc.Configuration.Schema;
using Ctc.Configuration.Tests.Binding;
using Ctc.Configuration.Tests.Schema;
using Ctc.Hosting;

namespace Ctc.Configuration.Tests.Identity;

public class RunIdentityTests
{
    private const string Base = """
        name: x
        data: { source: lines, train: lines.csv }
        model: { encoder: conv }
        objective: { weighting: [focal, length] }
        """;

    private readonly ExperimentText file = new();

    [OneTimeTearDown]
    public void Delete() => file.Dispose();

    [Test]
    public void It_is_sixty_four_hexadecimal_digits() => Assert.That(Identity(), Does.Match("^[0-9a-f]{64}$"));

    [TestCase("name=y")]
    [TestCase("sweep={ seeds: [1] }")]
    [TestCase("plugins=[lines.csv]")]
    [TestCase("seed=1")]
    [TestCase("train={ epochs: 10, learning-rate: 0.0010 }")]
    [TestCase("objective.weighting=[{ focal: { gamma: 5e-1 } }, { length: }]")]
    [TestCase("train={ patience: none, schedule: none, warm-up: none }")]
    [TestCase("train={ accumulate: 1, optimizer: { adamw: { weight-decay: 0 } } }")]
    [TestCase("transforms=[]")]
    [TestCase("alignment={edges: frames, head: ~}")]
    public void What_changes_no_number_changes_no_identity(string given) => Assert.That(Identity(given), Is.EqualTo(Identity()));

    [TestCase("cosine", "{ cosine: { from: 1, to: 0 } }")]
    [TestCase("linear", "{ linear: { from: 1 } }")]
    [TestCase("plateau", "{ plateau: { from: 1, to: 0 } }")]
    public void The_options_that_schedules_of_the_rate_did_not_have_once_are_left_out(string name, string written)
    {
        Assert.That(Identity($"train.schedule={written}"), Is.EqualTo(Identity($"train.schedule={name}")));
        Assert.That(Identity($"train.schedule={{ {name}: {{ from: 0.9 }} }}"), Is.Not.EqualTo(Identity($"train.schedule={name}")));
    }

    [TestCase("seed=2")]
    [TestCase("device=cpu")]
    [TestCase("data.dev=lines.csv")]
    [TestCase("model.encoder=bilstm")]
    [TestCase("model.channels=[8]")]
    [TestCase("objective.topology=star")]
    [TestCase("objective.weighting=[length, focal]")]
    [TestCase("objective.weighting.focal.gamma=0.5000000000000001")]
    [TestCase("objective.infeasible=zero")]
    [TestCase("train.threads=2")]
    [TestCase("train.patience=3")]
    [TestCase("train.accumulate=2")]
    [TestCase("train.optimizer=rmsprop")]
    [TestCase("train.schedule=cosine")]
    [TestCase("train.warm-up=1 step")]
    [TestCase("transforms=[halves]")]
    [TestCase("alignment.edges=midway")]
    [TestCase("transforms=[halves, halves]")]
    public void Any_option_changes_it(string given) => Assert.That(Identity(given), Is.Not.EqualTo(Identity()));

    [Test]
    public void A_data_file_stands_for_its_content()
    {
        file.Write("elsewhere/moved.csv", "a,b");
        file.Write("other.csv", "a,c");

        Assert.That(Identity("data.train=elsewhere/moved.csv"), Is.EqualTo(Identity()));
        Assert.That(Identity("data.train=other.csv"), Is.Not.EqualTo(Identity()));
    }

    [Test]
    public void A_file_that_the_data_source_finds_by_itself_counts_by_its_content()
    {
        string before =
            WithFile(file.Write("a.ttf", "one")), moved = WithFile(file.Write("b/c.ttf", "one")), changed = WithFile(file.Write("a.ttf", "two"));
        Assert.That(moved, Is.EqualTo(before));
        Assert.That(changed, Is.Not.EqualTo(before));

        string WithFile(string found) => RunIdentity.Compute(
            ExperimentFile.Parse(ExperimentText.Least, "x.yaml", file.Folder)
                .Bind(FakeParts.CatalogWith<SyntheticOptions>(new FakeParts.NoData(found))), "1");
    }

    [Test]
    public void The_experiment_may_move_with_its_data()
    {
        using ExperimentText elsewhere = new();

        Assert.That(RunIdentity.Compute(elsewhere.Bind(Base), "1"), Is.EqualTo(Identity()));
    }

    [Test]
    public void A_plugin_counts_by_the_bytes_of_all_its_files_and_only_where_it_is_used()
    {
        PluginFile moved = FakeParts.FocalPlugin with { Path = "/elsewhere/Focal.dll", Version = "1.1" };
        PluginFile changed = FakeParts.FocalPlugin with { Sha256 = new string('e', 64) };
        PluginFile[] privates =
        [
            FakeParts.FocalPlugin with { Files = [new LoadableFile("Own.dll", new string('1', 64))] },
            FakeParts.FocalPlugin with { Files = [new LoadableFile("Own.dll", new string('2', 64))] },
            FakeParts.FocalPlugin with { Files = [new LoadableFile("Other.dll", new string('2', 64))] },
        ];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(With(moved), Is.EqualTo(Identity()));
            Assert.That(With(changed), Is.Not.EqualTo(Identity()));
            Assert.That(privates.Select(focal => With(focal)).Append(Identity()), Is.Unique);
            Assert.That(With(changed, "objective.weighting=[length]"), Is.EqualTo(Identity("objective.weighting=[length]")));
        }

        string With(PluginFile focal, params string[] overrides) =>
            RunIdentity.Compute(ExperimentFile.Parse(Base, "x.yaml", file.Folder).With(overrides).Bind(FakeParts.CatalogWith(focal)), "1");
    }

    [Test]
    public void A_new_option_that_is_off_by_default_leaves_identities_as_they_are()
    {
        string before = WithSource<SyntheticOptions>(), now = WithSource<GrownOptions>(), changed = WithSource<GrownOptions>("data.added=1");
        Assert.That(now, Is.EqualTo(before));
        Assert.That(changed, Is.Not.EqualTo(before));

        string WithSource<TOptions>(params string[] overrides) =>
            RunIdentity.Compute(
                ExperimentFile.Parse(ExperimentText.Least, "x.yaml", file.Folder).With(overrides).Bind(FakeParts.CatalogWith<TOptions>()), "1");
    }

    [Test]
    public void What_is_off_is_as_if_it_were_not_there()
    {
        // The digest of {"configuration":{...},"numerics":"1","plugins":[]} with the keys that are on.
        const string text = """{"configuration":{"data":{"count":100,"source":"synthetic"},"device":"auto","model":{"encoder":"bilstm","hidden":128,"layers":2},"objective":{"auxiliary":[],"emissions":[],"infeasible":"error","lattice":[],"reduction":"mean-utterance","targets":[],"topology":{"ctc":{}},"weighting":[]},"seed":1,"train":{"batch-size":16,"clip-norm":5,"epochs":10,"learning-rate":0.001,"momentum":0,"optimizer":"adamw","threads":1,"weight-decay":0}},"numerics":"1","plugins":[]}""";
        Assert.That(
            RunIdentity.Compute(file.Bind(ExperimentText.Least), "1"),
            Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))));
    }

    [TestCase("""train.optimizer={ adamw: { weight-decay: 0.5 } }""", "\"momentum\":0,\"optimizer\":\"adamw\"", "\"weight-decay\":0.5")]
    [TestCase("""train.optimizer={ rmsprop: { momentum: 0.9 } }""", "\"momentum\":0.9,\"optimizer\":\"rmsprop\"", "\"weight-decay\":0")]
    [TestCase("""train.optimizer={ adamw: { beta1: 0.8 } }""", "\"momentum\":0,\"optimizer\":\"adamw\",\"optimizer-beta1\":0.8", "\"weight-decay\":0")]
    public void A_built_in_optimizer_has_the_identity_of_the_keys_that_it_had(string given, string optimizer, string decay)
    {
        const string before = """{"configuration":{"data":{"count":100,"source":"synthetic"},"device":"auto","model":{"encoder":"bilstm","hidden":128,"layers":2},"objective":{"auxiliary":[],"emissions":[],"infeasible":"error","lattice":[],"reduction":"mean-utterance","targets":[],"topology":{"ctc":{}},"weighting":[]},"seed":1,"train":{"batch-size":16,"clip-norm":5,"epochs":10,"learning-rate":0.001,""";
        string text = before + optimizer + ",\"threads\":1," + decay + """}},"numerics":"1","plugins":[]}""";
        Assert.That(
            RunIdentity.Compute(file.Bind(ExperimentText.Least, given), "1"),
            Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))));
    }

    [Test]
    public void The_default_metrics_and_the_default_decoder_and_no_language_model_are_as_if_they_were_not_there()
    {
        Assert.That(Identity("objective.decoder=best-path"), Is.EqualTo(Identity()));
        Assert.That(Identity("objective.language-model=none"), Is.EqualTo(Identity()));
        Assert.That(Identity("objective.language-model=even"), Is.Not.EqualTo(Identity()));
        Assert.That(Identity("metrics=[token-error-rate, exact-match]"), Is.EqualTo(Identity()));
        Assert.That(Identity("metrics=[exact-match, token-error-rate]"), Is.Not.EqualTo(Identity()));
        Assert.That(Identity("metrics=[token-error-rate, exact-match, word-error-rate]"), Is.Not.EqualTo(Identity()));
    }

    [Test]
    public void New_numerics_make_a_new_identity() =>
        Assert.That(RunIdentity.Compute(file.Bind(Base), "2"), Is.Not.EqualTo(Identity()));

    private string Identity(params string[] overrides) => RunIdentity.Compute(file.Bind(Base, overrides), "1");
}
