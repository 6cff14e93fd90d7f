-- Belay @VERSION@ for Lmod.
local version = "@VERSION@"
local prefix  = "@PREFIX@"

whatis("Belay " .. version .. ": autoencoder training, features and SVM as cluster jobs that survive preemption")
help("Belay " .. version .. ". belay --help lists the commands; job scripts lie in " .. prefix .. "/jobs.\n" ..
     "It needs Java 17 or later: load a module of it first where java is older.")
conflict("belay")

setenv("BELAY_HOME", prefix)
prepend_path("PATH", pathJoin(prefix, "bin"))
-- Completion as a shell function, which unloading removes again.
local completion = pathJoin(prefix, "share/bash-completion/completions/belay")
if (myShellType() == "sh" and isFile(completion)) then
   source_sh("bash", completion)
end
