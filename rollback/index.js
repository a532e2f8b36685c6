// The same bundle as the deploy, told to go back.
process.env['EC2_DEPLOY_STORY'] = 'rollback';
await import('../dist/index.js');
