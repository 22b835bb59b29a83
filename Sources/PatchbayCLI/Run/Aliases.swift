/// What other systems call our commands and options: the one table. None of these words is taken; whoever types one is told
/// the command or option that does it here.
enum Aliases {
    private static let delete = [["delete"], ["remove"], ["release"], ["cancel"], ["drop"]]
    private static let create = [["create"], ["add"]]
    private static let stop = [["stop"]]
    private static let vm = [["vm"]]
    private static let host = [["host"]]
    private static let plan = [["plan"]]

    /// For each word what may be meant by it, in the order in which it is tried: the first command that exists where the word was
    /// typed.
    static let commands: [String: [[String]]] = [
        "ls": [["list"]], "ps": [["list"]], "tree": [["list", "-o", "tree"]],
        "get": [["show"]], "info": [["show"]], "describe": [["show"]], "dominfo": [["show"]], "inspect": [["show"]],
        "dumpxml": [["show", "--definition"]], "xml": [["show", "--definition"]], "why": [["explain"]],
        "rm": delete, "remove": delete, "delete": delete, "del": delete, "undefine": delete, "forget": delete,
        "new": create, "add": create, "make": create, "define": create,
        "set": [["edit"], ["set"]], "edit": [["edit"], ["set"]], "update": [["edit"], ["set"]],
        "modify": [["edit"], ["set"]],
        "boot": [["start"]], "poweron": [["start"]],
        "shutdown": stop, "poweroff": stop, "halt": stop, "destroy": [["stop", "--now"]], "kill": [["stop", "--now"]],
        "reboot": [["restart"]], "log": [["console", "--log"], ["events"]],
        "logs": [["console", "--log"], ["events"]],
        "bind": [["prepare"]], "unbind": [["release"]], "rescan": [["refresh"]], "reload": [["refresh"]],
        "cordon": [["set", "--cordon"]], "uncordon": [["set", "--uncordon"]], "extend": [["renew"]],
        "rollback": [["undo"]], "revert": [["undo"]], "abort": [["cancel"]], "follow": [["wait"]],
        "domain": vm, "domains": vm, "guest": vm, "guests": vm, "instance": vm, "instances": vm,
        "node": host, "nodes": host, "hypervisor": host, "hypervisors": host,
        "job": plan, "jobs": plan, "task": plan, "tasks": plan, "operation": plan, "operations": plan,
        "pci": [["device"]], "lspci": [["device", "list"]], "lsusb": [["usb", "list"]], "iommu": [["group"]],
        "mapping": [["pool"]], "mappings": [["pool"]], "flavor": [["profile"]], "template": [["profile"]],
        "allocation": [["claim"]], "allocations": [["claim"]], "history": [["events"]], "audit": [["events"]],
        "monitor": [["events", "--follow"]], "check": [["doctor"]], "server": [["serve"]],
    ]

    /// The same for names of options, without their dashes.
    static let options: [String: [String]] = [
        "force": ["now"], "assume-yes": ["yes"], "simulate": ["dry-run"], "check": ["dry-run"],
        "follow": ["watch"], "watch": ["follow"], "format": ["output"], "filter": ["where"], "selector": ["where"],
        "fields": ["columns"], "sort-by": ["sort"], "order": ["sort"], "head": ["limit"], "max": ["limit"],
        "vcpu": ["cpus"], "ram": ["memory"], "image": ["disk"], "cmdline": ["append"], "node": ["host"],
        "vm": ["to", "from"], "domain": ["to", "from"], "number": ["count"], "colour": ["color"],
    ]
}
