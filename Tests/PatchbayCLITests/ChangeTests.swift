import PatchbayTesting
import Testing

@Suite struct `Commands that change something` {
    static let commands: [(words: [String], mutation: String)] = [
        (["device", "prepare", "41:00.0", "42:00.0"], "prepare 41:00.0 42:00.0"),
        (["device", "release", "atlas/41:00.0"], "release atlas/41:00.0"),
        (["device", "passthrough", "c1:00.0", "--pool", "a100"], "passthrough c1:00.0 pool=a100"),
        (
            ["device", "passthrough", "c1:00.0", "--pool", "new", "--create", "--prepare", "eager"],
            "passthrough c1:00.0 pool=new create"
        ),
        (
            ["pool", "create", "nics", "--rule", "name=ports host=atlas vendor=8086 numa=0", "--class", "network"],
            "create pool nics [ports@atlas vendor=8086 numa=0]"
        ),
        (
            ["pool", "create", "p", "--rule", "vendor=10de", "--rule", "name*=\"A 100\""],
            "create pool p [rule-1@* vendor=10de][rule-2@* name*=A 100]"
        ),
        (["pool", "edit", "a100", "--prepare", "eager"], "edit pool a100 revision=5 "),
        (["pool", "delete", "a100"], "delete pool a100"),
        (
            ["pool", "rule", "add", "a100", "numa=1"],
            "edit pool a100 revision=5 [cards@atlas vendor=10de name*=A100 80GB][rule-2@* numa=1]"
        ),
        (["pool", "rule", "remove", "a100", "cards"], "edit pool a100 revision=5 "),
        (
            ["pool", "rule", "disable", "a100", "cards"],
            "edit pool a100 revision=5 [cards@atlas off vendor=10de name*=A100 80GB]"
        ),
        (["pool", "rule", "edit", "a100", "cards", "numa=1"], "edit pool a100 revision=5 [cards@* numa=1]"),
        (["vm", "create", "v", "--disk", "/d.qcow2", "--cpus", "4"], "create vm v cpus=4 memory=1024"),
        (["vm", "start", "trainer-02"], "start trainer-02"),
        (["vm", "stop", "trainer-01", "--now"], "stop trainer-01 force=true timeout=60"),
        (["vm", "stop", "trainer-01", "--grace", "2m"], "stop trainer-01 force=false timeout=120"),
        (["vm", "restart", "trainer-01"], "restart trainer-01"),
        (["vm", "delete", "trainer-02"], "delete vm trainer-02"),
        (["attach", "a100", "--to", "trainer-02", "--count", "2"], "attach pool=a100 count=2 to=trainer-02"),
        (["attach", "42:00.0", "--to", "trainer-02"], "attach device=42:00.0 count=1 to=trainer-02"),
        (["detach", "a100-1", "--from", "trainer-01"], "detach request=a100-1 from=trainer-01"),
        (["detach", "a100"], "detach pool=a100 from=trainer-01"),
        (["detach", "41:00.0"], "detach device=41:00.0 from=trainer-01"),
        (["detach", "a100", "--count", "1"], "detach pool=a100 count=1 from=trainer-01"),
        (["plan", "undo", "p-8a02"], "undo p-8a02"),
        (
            [
                "attach", "a100", "--to", "trainer-02", "--count", "2", "--optional", "--numa", "required",
                "--group-policy", "isolate", "--topology", "same-switch", "--tag", "physical_network=net0",
            ],
            "attach pool=a100 count=2,required,isolate,same-switch,physical_network=net0,optional to=trainer-02"
        ),
        (
            ["vm", "create", "v", "--disk", "/d.qcow2", "--pin", "thread", "--hugepages", "1G", "--cells", "2"],
            "create vm v cpus=1 memory=1024 thread 1G cells=2"
        ),
        (["claim", "create", "--system", "s", "--pool", "a100"], "create claim for=system/s a100:1"),
        (
            [
                "claim", "create", "--system", "slurm/job-17", "--tenant", "vision", "--id", "job-17", "--pool", "a100",
                "--count", "4", "--numa", "socket", "--host", "atlas", "--host", "boreas", "--label", "zone=a",
                "--strategy", "spread", "--priority", "5", "--lease", "4h", "--wait", "--from", "night",
            ],
            "create claim for=system/slurm/job-17 tenant=vision id=job-17 a100:4,socket host=atlas host=boreas"
                + " label=zone=a spread priority=5 lease=14400 waits from=night"
        ),
        (
            [
                "claim", "create", "--reservation", "night", "--device", "atlas/42:00.0", "--request",
                "a100:4,numa=required,topology=same-switch,group-policy=isolate,tag=a=b=c,name=big,optional",
                "--request", "0000:41:00.0",
            ],
            "create claim for=reservation/night atlas/42:00.0:1"
                + " a100:4,required,isolate,same-switch,a=b=c,name=big,optional 0000:41:00.0:1"
        ),
        (["claim", "release", "job-17"], "release claim job-17"),
        (["claim", "renew", "job-17"], "renew claim job-17 lease=same"),
        (["claim", "renew", "job-17", "--lease", "30m"], "renew claim job-17 lease=1800"),
        (
            ["host", "set", "atlas", "--label", "zone=a", "--label", "rack=7", "--remove-label", "old", "--pinned"],
            "edit host atlas rack=7 zone=a old- pinned=true"
        ),
        (["host", "set", "atlas", "--no-pinned", "--cordon"], "edit host atlas pinned=false cordoned=true"),
        (["host", "set", "atlas", "--uncordon"], "edit host atlas cordoned=false"),
    ]

    @Test(.requirements("P28", "P33"), arguments: commands)
    func `ask for exactly that`(_ command: (words: [String], mutation: String)) async {
        let session = Session()
        let outcome = await session.run(command.words)
        #expect(outcome.status == 0, "\(outcome.talk)")
        #expect(await session.service.mutations == [command.mutation])
    }

    @Test(arguments: commands)
    func `change nothing in a dry run`(_ command: (words: [String], mutation: String)) async {
        let session = Session()
        let outcome = await session.run(command.words + ["--dry-run"])
        #expect(outcome.status == 0, "\(outcome.talk)")
        #expect(outcome.talk.contains("Nothing changed. To do it:  patchbay \(command.words[0])"))
        #expect(!outcome.talk.contains("--dry-run"))
        #expect(await session.service.mutations.isEmpty)
    }

    @Test func `the console passes keys on until ctrl-] and gives the terminal back`() async {
        var session = Session()
        session.keys = [Array("ls".utf8), [0x0d, 0x1d, 0x61]]
        let outcome = await session.run("vm", "console", "trainer-01")
        #expect(outcome.status == 0)
        #expect(await session.service.mutations == ["type ls", "type \r"])
        #expect(outcome.talk.contains("<restored>"))
    }
}
